import { createHash } from 'node:crypto';
import { formatUtc, type Report } from '../report';
import { summaryTiles, type SummaryTile } from '../summary-tiles';
import { headlineOf } from '../headline';
import { html, EMPTY, type Markup } from './markup';
import { reportSections, type Section } from './sections';
import { STYLE } from './style';

/** The policy allows nothing but the style sheet, by its hash. */
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');
/** The hash covers everything between the tags, so no space is allowed there. */
const STYLE_ELEMENT: Markup = { markup: `<style>${STYLE}</style>` };
const CONTENT_SECURITY_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

/** A report as a self-contained page without scripts, fonts, images or links to other pages. */
export function htmlPage(report: Report): string {
  const { command } = report.document;
  const sections = reportSections(report);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>User verification: ${command}, ${formatUtc(report.at)}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        ${header(report)} ${sections.length > 1 ? tableOfContents(sections) : EMPTY}
        <main id="content" tabindex="-1">${sections.map(sectionMarkup)}</main>
        <footer>
          <p>
            Created ${formatUtc(report.at)} by the command <code>${command}</code>. The page is self-contained: you can
            send, archive or print it.
          </p>
        </footer>
      </body>
    </html> `.markup;
}

function header({ document, at, orgSettings }: Report): Markup {
  const { tone, text } = headlineOf(document);
  return html`<header class="head ${tone}">
    <p class="over">User verification <span aria-hidden="true">/</span> ${document.command}</p>
    <h1>${text}</h1>
    <p class="when"><time datetime="${at.toISOString()}">${formatUtc(at)}</time>, exit code ${document.exitCode}</p>
    <dl class="totals">${summaryTiles(document, orgSettings).map(tileMarkup)}</dl>
  </header>`;
}

const tileMarkup = ({ label, value, tone }: SummaryTile): Markup =>
  html`<div class="total ${tone ?? 'plain'}">
    <dt>${label}</dt>
    <dd>${value}</dd>
  </div>`;

const tableOfContents = (sections: readonly Section[]): Markup =>
  html`<nav aria-label="Contents">
    <ul>
      ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
    </ul>
  </nav>`;

const sectionMarkup = ({ id, title, intro, content }: Section): Markup =>
  html` <section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${intro === '' ? EMPTY : html`<p class="intro">${intro}</p>`} ${content}
  </section>`;
