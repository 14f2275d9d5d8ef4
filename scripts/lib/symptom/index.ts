import { CLIENT_SYMPTOMS } from './client-symptoms';
import type { Pasted } from './pasted';
import { RUNTIME_SYMPTOMS } from './runtime-symptoms';
import { SETUP_SYMPTOMS } from './setup-symptoms';
import type { Symptom } from './symptom';

export { readPasted, type Pasted } from './pasted';
export type { Symptom } from './symptom';

/** Everything that is recognised from outside. */
export const SYMPTOMS: readonly Symptom[] = [...RUNTIME_SYMPTOMS, ...CLIENT_SYMPTOMS, ...SETUP_SYMPTOMS];

/** What a pasted text shows. */
export const symptomsOf = (pasted: Pasted): readonly Symptom[] => SYMPTOMS.filter(({ shows }) => shows(pasted));
