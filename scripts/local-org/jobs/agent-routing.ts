const AGENT = /\s*<sessionHandlerAsa>([^<]*)<\/sessionHandlerAsa>/;
const TO_AGENT = /<sessionHandlerType>\s*AgentforceServiceAgent\s*<\/sessionHandlerType>/;

/** Whether a channel routes its sessions to an Agentforce Service Agent. */
export const routesToAgent = (channel: string): boolean => TO_AGENT.test(channel);

/** The agent that a channel is bound to; undefined for none. */
export const boundAgent = (channel: string | undefined): string | undefined =>
  channel === undefined ? undefined : AGENT.exec(channel)?.[1]?.trim();

/**
 * The file of a channel after a deploy that drops the agent: the channel stays bound to the agent that the data API has set, or
 * to none.
 */
export function withoutDeployedAgent(before: string | undefined, deployed: string): string {
  const agent = before !== undefined && routesToAgent(before) ? boundAgent(before) : undefined;
  const unbound = deployed.replace(AGENT, '');
  return agent === undefined || !routesToAgent(deployed) ? unbound : withAgent(unbound, agent);
}

/** The file of a channel that is bound to an agent. */
export const withAgent = (channel: string, agent: string): string =>
  channel
    .replace(AGENT, '')
    .replace(/(\s*)<sessionHandler(?:Flow|Queue|Type|User)>/, `$1<sessionHandlerAsa>${agent}</sessionHandlerAsa>$&`);
