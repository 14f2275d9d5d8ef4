/** The fictional customers of the shop: their `sub`, and the texts on the page. */
export const CUSTOMERS = [
  { id: 'C-1001', name: 'Maya Okafor', order: 'Morning mug, glazed in sage', status: 'In the kiln until Thursday' },
  { id: 'C-1002', name: 'Jonas Lindqvist', order: 'Two stoneware bowls', status: 'On its way, arrives tomorrow' },
  { id: 'C-1003', name: 'Priya Nair', order: 'Bud vase, unglazed', status: 'Ready to be picked up' },
] as const;

/**
 * The answer of the service rep. The rep knows the customer from the identity that Salesforce verified, which ends with the `sub` of
 * the token, and not from the message.
 */
export function replyTo(message: string, subject: string): string {
  const customer = CUSTOMERS.find(({ id }) => /^v2\/iamessage\/AUTH\/[^/]+\/uid:(.*)$/.exec(subject)?.[1] === id);
  if (!customer) return `You wrote: ${message}`;
  const { name, order, status } = customer;
  return `Hello ${name.split(' ')[0] ?? name}. Your order: ${order}. ${status}. You wrote: ${message}`;
}
