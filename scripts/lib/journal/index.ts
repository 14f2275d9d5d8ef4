export { isThrough, lastSince, readRun, type PastOrg, type PastRun, type Submission } from './read';
export { openJournal, reopenJournal, type Entry, type Journal, type PlannedOrg, type RunHead } from './write';
