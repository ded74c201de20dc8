/**
 * A condition as data, so that one statement of a rule can be asked of a row in memory (`fulfils`) and of a table
 * (`whereFulfils` in snapshot-filter.queries.ts). Fields name columns and facts alike.
 */
export type Condition<Facts> =
  | { readonly field: keyof Facts; readonly is: readonly (string | boolean)[] }
  | { readonly field: keyof Facts; readonly absent: true }
  /** An instant that has come: `now` is not before it. One that is absent counts as come. */
  | { readonly field: keyof Facts; readonly reached: true }
  | { readonly all: readonly Condition<Facts>[] }
  | { readonly any: readonly Condition<Facts>[] }
  | { readonly not: Condition<Facts> };

export function fulfils<Facts>(condition: Condition<Facts>, facts: Facts, now: Date): boolean {
  if ("all" in condition) return condition.all.every((each) => fulfils(each, facts, now));
  if ("any" in condition) return condition.any.some((each) => fulfils(each, facts, now));
  if ("not" in condition) return !fulfils(condition.not, facts, now);
  const value = facts[condition.field];
  if ("is" in condition) return condition.is.includes(value as string | boolean);
  if ("absent" in condition) return value === null;
  return value === null || now.getTime() >= (value as Date).getTime();
}

/** The vocabulary for one sort of facts. */
export const conditionsOf = <Facts>() => ({
  is: (field: keyof Facts, ...values: (string | boolean)[]): Condition<Facts> => ({ field, is: values }),
  absent: (field: keyof Facts): Condition<Facts> => ({ field, absent: true }),
  reached: (field: keyof Facts): Condition<Facts> => ({ field, reached: true }),
  all: (...all: Condition<Facts>[]): Condition<Facts> => ({ all }),
  any: (...any: Condition<Facts>[]): Condition<Facts> => ({ any }),
  not: (condition: Condition<Facts>): Condition<Facts> => ({ not: condition }),
});
