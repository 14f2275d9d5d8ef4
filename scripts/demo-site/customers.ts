/** The customers of the shop: who they are to the chat, and what the page shows of them. All of it is made up. */
export const CUSTOMERS = [
  { id: 'C-1001', name: 'Maya Okafor', order: 'Morning mug, glazed in sage', status: 'In the kiln until Thursday' },
  { id: 'C-1002', name: 'Jonas Lindqvist', order: 'Two stoneware bowls', status: 'On its way, arrives tomorrow' },
  { id: 'C-1003', name: 'Priya Nair', order: 'Bud vase, unglazed', status: 'Ready to be picked up' },
] as const;
