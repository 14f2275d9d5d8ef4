/**
 * The sample keys that this project ships, or ever shipped, in force-app, by RFC 7638 thumbprint: fine for trying,
 * never for customers. Whoever adds a sample key adds it here; a test compares the two.
 */
export const SAMPLE_KEYS: ReadonlySet<string> = new Set([
  'pBd0lCGAaJoNTrJ07vEEU1teHBb3i8n2YJeAdykBNMM', // Customer_Identity_2026_A
  'VwSiSM0uW7_FaQ6VBMfmTBh_KV0OMWopTb8RLrQqJ8U', // Customer_Identity_2026_B
  'NGSR1FocaPmZ0CMpfOA99J9PRucxr56v2kadq9etVgM', // Customer_Identity_UAT
]);
