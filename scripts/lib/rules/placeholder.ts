import type { Component, Element } from '../model';
import { allChildLocations, locationOf, textOf, type SourceLocation } from './location';
import { error, violation, defineRules, type Violation } from './rule';
import { PROJECT_SAFETY } from './sources';

export const PLACEHOLDER_RULES = defineRules({
  placeholder: error("An issuer, endpoint, origin, or name isn't a placeholder.", PROJECT_SAFETY),
});

/** Forms that scripts and templates replace, in any value. */
const TEMPLATE =
  /\$\{[^}]*\}|\{\{[^}]*\}\}|<[^<>]*>|\$\([^)]*\)|%[A-Z][A-Z0-9_]*%|@@\w+@@|#\{[^}]*\}#?|__[A-Z][A-Z0-9_]*__/;

/** Words that stand for a value to be filled in. */
const WORDS = [
  /(?<![A-Za-z0-9])(?:(?:REPLACE|CHANGE|FIX|FILL)[_-]?(?:ME|THIS|IN)|REPLACE[_-]WITH|PLACEHOLDER)(?![A-Za-z0-9])/i,
  /(?<![A-Za-z0-9])(?:TODO|TBD|YOUR[_-][A-Z]+)(?![A-Za-z0-9])/,
  /(?<![A-Za-z0-9])your-(?:domain|tenant|org|issuer|company|host|idp|site|app)(?![A-Za-z0-9])/,
];

/** A URL template such as `https://login.example.com/{tenant}/keys`. */
const URL_TEMPLATE = /[{}]/;

/** How the value of an element is checked: as a URL, as a name, or as a label, which can contain any word. */
const CHECKED_ELEMENTS: Readonly<Record<string, 'url' | 'name' | 'label'>> = {
  jwtIssuer: 'url',
  jwksEndPoint: 'url',
  urlPattern: 'url',
  authIdentifier: 'name',
  publicKeyCertificateSetName: 'name',
  publicKeyCertificate: 'name',
  sessionHandlerQueue: 'name',
  sessionHandlerFlow: 'name',
  sessionHandlerAsa: 'name',
  sessionHandlerUser: 'name',
  queueRoutingConfig: 'name',
  offlineFormFlow: 'name',
  messagingChannel: 'name',
  messageDefinitionName: 'name',
  site: 'name',
  branding: 'name',
  businessHours: 'name',
  customComponent: 'name',
  email: 'name',
  masterLabel: 'label',
  label: 'label',
  name: 'label',
};

/** Whether a value of a kind is a placeholder or contains one. A label is one only as a whole word. */
function isPlaceholder(text: string, kind: 'url' | 'name' | 'label'): boolean {
  if (TEMPLATE.test(text) || (kind === 'url' && URL_TEMPLATE.test(text))) return true;
  return WORDS.some((word) => (kind === 'label' ? word.exec(text)?.[0] === text : word.test(text)));
}

/** Whether the text of a JWKS endpoint, an issuer, or an origin contains a placeholder. */
export const isPlaceholderUrl = (text: string): boolean => isPlaceholder(text, 'url');

/** Checks the values of a component by which Salesforce finds something: URLs, names, addresses, and labels. */
export const checkPlaceholders = (component: Component): readonly Violation[] =>
  leafLocations(locationOf(component)).flatMap(({ name, location }) => {
    const kind = Object.hasOwn(CHECKED_ELEMENTS, name) ? CHECKED_ELEMENTS[name] : undefined;
    const text = textOf(location);
    return kind && text !== undefined && isPlaceholder(text, kind) ? [placeholderViolation(location, name, text)] : [];
  });

interface LeafLocation {
  readonly name: string;
  readonly location: SourceLocation;
}

/** In linear time: a file can have very many elements with different names. */
const leafLocations = (location: SourceLocation): readonly LeafLocation[] =>
  allChildLocations(location).flatMap((inner) =>
    hasChildren(inner.element) ? leafLocations(inner) : [{ name: inner.element?.name ?? '', location: inner }],
  );

const hasChildren = (element: Element | undefined): boolean => (element?.children.length ?? 0) > 0;

function placeholderViolation(location: SourceLocation, name: string, text: string): Violation {
  const message = `${name} is "${text}", which contains a placeholder. Nothing replaces it before the deploy.`;
  const fix =
    'Set the real value. If it differs between orgs, declare it under "overrides" in each org file, or under "replacements" in sfdx-project.json.';
  return violation(PLACEHOLDER_RULES.placeholder, location, message, fix);
}
