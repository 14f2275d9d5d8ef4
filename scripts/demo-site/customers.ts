/** The fictional customers of the shop: their `sub`, and the texts on the page. */
export const CUSTOMERS = [
  { id: 'C-1001', name: 'Maya Okafor', order: 'Morning mug, glazed in sage', status: 'In the kiln until Thursday' },
  { id: 'C-1002', name: 'Jonas Lindqvist', order: 'Two stoneware bowls', status: 'On its way, arrives tomorrow' },
  { id: 'C-1003', name: 'Priya Nair', order: 'Bud vase, unglazed', status: 'Ready to be picked up' },
] as const;
