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

type Test<Facts> = (facts: Facts, nowMs: number) => boolean;

/** Conditions are few and asked of thousands of rows: each is made into a function once. */
const tests = new WeakMap<object, Test<never>>();

export function fulfils<Facts>(condition: Condition<Facts>, facts: Facts, now: Date): boolean {
  return testOf(condition)(facts, now.getTime());
}

function testOf<Facts>(condition: Condition<Facts>): Test<Facts> {
  let test = tests.get(condition) as Test<Facts> | undefined;
  if (!test) tests.set(condition, (test = build(condition)));
  return test;
}

function build<Facts>(condition: Condition<Facts>): Test<Facts> {
  if ("all" in condition) return condition.all.map(testOf).reduce(both, () => true);
  if ("any" in condition) return condition.any.map(testOf).reduce(either, () => false);
  if ("not" in condition) {
    const test = testOf(condition.not);
    return (facts, nowMs) => !test(facts, nowMs);
  }
  const { field } = condition;
  if ("is" in condition) {
    const [first, ...others] = condition.is;
    return others.length === 0
      ? (facts) => facts[field] === first
      : (facts) => condition.is.includes(facts[field] as string | boolean);
  }
  if ("absent" in condition) return (facts) => facts[field] === null;
  return (facts, nowMs) => {
    const value = facts[field] as Date | null;
    return value === null || nowMs >= value.getTime();
  };
}
const both =
  <Facts>(one: Test<Facts>, other: Test<Facts>): Test<Facts> =>
  (facts, nowMs) =>
    one(facts, nowMs) && other(facts, nowMs);
const either =
  <Facts>(one: Test<Facts>, other: Test<Facts>): Test<Facts> =>
  (facts, nowMs) =>
    one(facts, nowMs) || other(facts, nowMs);

/** The vocabulary for one sort of facts. */
export const conditionsOf = <Facts>() => ({
  is: (field: keyof Facts, ...values: (string | boolean)[]): Condition<Facts> => ({ field, is: values }),
  absent: (field: keyof Facts): Condition<Facts> => ({ field, absent: true }),
  reached: (field: keyof Facts): Condition<Facts> => ({ field, reached: true }),
  all: (...all: Condition<Facts>[]): Condition<Facts> => ({ all }),
  any: (...any: Condition<Facts>[]): Condition<Facts> => ({ any }),
  not: (condition: Condition<Facts>): Condition<Facts> => ({ not: condition }),
});
