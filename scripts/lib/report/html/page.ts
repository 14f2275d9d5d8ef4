import { createHash } from 'node:crypto';
import { utc, type Report } from '../report';
import { totalsOf, type Total } from '../totals';
import { verdictOf } from '../verdict';
import { html, NOTHING, type Markup } from './markup';
import { sectionsOf, type Section } from './sections';
import { STYLE } from './style';

/** Everything but the one style sheet is forbidden, and that is named by its hash. */
const HASH = createHash('sha256').update(STYLE).digest('base64');
/** Not a character may come between the tags and the style, or the hash is another. */
const SHEET: Markup = { markup: `<style>${STYLE}</style>` };
const POLICY = `default-src 'none'; style-src 'sha256-${HASH}'; base-uri 'none'; form-action 'none'`;

/** A report as one page that is complete in itself: no script, no font, no image, no address of anything else. */
export function htmlPage(report: Report): string {
  const { command } = report.document;
  const sections = sectionsOf(report);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>User verification: ${command}, ${utc(report.at)}</title>
        ${SHEET}
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        ${header(report)} ${sections.length > 1 ? contents(sections) : NOTHING}
        <main id="content" tabindex="-1">${sections.map(sectionMarkup)}</main>
        <footer>
          <p>
            Made ${utc(report.at)} by <code>npm run ${command}</code>. This page is complete in itself: it can be sent,
            kept and printed.
          </p>
        </footer>
      </body>
    </html> `.markup;
}

function header({ document, at, holdings }: Report): Markup {
  const { tone, headline } = verdictOf(document);
  return html`<header class="head ${tone}">
    <p class="over">User verification <span aria-hidden="true">/</span> ${document.command}</p>
    <h1>${headline}</h1>
    <p class="when"><time datetime="${at.toISOString()}">${utc(at)}</time>, exit code ${document.exitCode}</p>
    <dl class="totals">${totalsOf(document, holdings).map(totalMarkup)}</dl>
  </header>`;
}

const totalMarkup = ({ label, value, tone }: Total): Markup =>
  html`<div class="total ${tone ?? 'plain'}">
    <dt>${label}</dt>
    <dd>${value}</dd>
  </div>`;

const contents = (sections: readonly Section[]): Markup =>
  html`<nav aria-label="Contents">
    <ul>
      ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
    </ul>
  </nav>`;

const sectionMarkup = ({ id, title, told, content }: Section): Markup =>
  html` <section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${told === '' ? NOTHING : html`<p class="told">${told}</p>`} ${content}
  </section>`;
