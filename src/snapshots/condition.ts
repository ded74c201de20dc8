/**
 * A condition as data, so that one statement of a rule can be asked of a row in memory (`toTest`) and of a table
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

export type Test<Facts> = (facts: Facts, now: Date) => boolean;

/** Made once for each condition: rows are many. */
export function toTest<Facts>(condition: Condition<Facts>): Test<Facts> {
  if ("all" in condition) {
    const tests: Test<Facts>[] = condition.all.map(toTest);
    return tests.reduce((one, other) => (facts, now) => one(facts, now) && other(facts, now));
  }
  if ("any" in condition) {
    const tests: Test<Facts>[] = condition.any.map(toTest);
    return tests.reduce((one, other) => (facts, now) => one(facts, now) || other(facts, now));
  }
  if ("not" in condition) {
    const test = toTest(condition.not);
    return (facts, now) => !test(facts, now);
  }
  const { field } = condition;
  if ("is" in condition) {
    const [only, ...others] = condition.is;
    return others.length === 0
      ? (facts) => facts[field] === only
      : (facts) => condition.is.includes(facts[field] as string | boolean);
  }
  if ("absent" in condition) return (facts) => facts[field] === null;
  return (facts, now) => {
    const value = facts[field];
    return value === null || now.getTime() >= (value as Date).getTime();
  };
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
