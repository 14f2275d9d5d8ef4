/**
 * RFC 7638 thumbprints of the sample keys that force-app contains or once contained. They are for trying out the project,
 * never for customers. A test checks that each sample key in force-app is listed here.
 */
export const SAMPLE_KEYS: ReadonlySet<string> = new Set([
  'pBd0lCGAaJoNTrJ07vEEU1teHBb3i8n2YJeAdykBNMM', // Customer_Identity_2026_A
  'VwSiSM0uW7_FaQ6VBMfmTBh_KV0OMWopTb8RLrQqJ8U', // Customer_Identity_2026_B
  'NGSR1FocaPmZ0CMpfOA99J9PRucxr56v2kadq9etVgM', // Customer_Identity_UAT
]);
