/** A site of Experience Cloud. */
export interface ExperienceSite {
  readonly name: string;
  /** Name of its template, such as `Customer Service` or `Build Your Own (LWR)`. */
  readonly template: string;
}

/** The templates on which Salesforce supports token-based user verification (Help, user verification setup). All are Aura templates. */
const SUPPORTED_TEMPLATES = ['Build Your Own', 'Help Center', 'Customer Service', 'Customer Service (Napili)'];

/** Salesforce generates the site of a Web chat deployment. It holds no pages of a team. */
const GENERATED_SITE = /^ESW_/;

/** The sites of the team, without those of chat deployments. */
export const ownSites = (sites: readonly ExperienceSite[]): readonly ExperienceSite[] =>
  sites.filter(({ name }) => !GENERATED_SITE.test(name));

/** Whether the members of a site can be verified on it. */
export const canVerifyMembers = ({ template }: ExperienceSite): boolean => SUPPORTED_TEMPLATES.includes(template);

/** A site with its template, such as `Shop (template Build Your Own (LWR))`. */
export const siteText = ({ name, template }: ExperienceSite): string => `${name} (template ${template || 'unknown'})`;
