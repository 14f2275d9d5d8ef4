import { hasDuplicateMember } from './duplicate-member';

/**
 * Whether two JSON texts have the same values, regardless of member order and layout. Text that isn't JSON equals only itself,
 * and so does text with a duplicate member, because readers disagree on which of the two values applies.
 */
export function isSameJson(left: string, right: string): boolean {
  if (left === right) return true;
  try {
    return (
      !hasDuplicateMember(left) &&
      !hasDuplicateMember(right) &&
      canonicalize(JSON.parse(left)) === canonicalize(JSON.parse(right))
    );
  } catch {
    return left === right;
  }
}

function canonicalize(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalize).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalize(member)}`).join(',')}}`;
}
