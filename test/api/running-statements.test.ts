import { expect, it } from "vitest";
import { RunningStatements } from "../../src/api/running-statements.js";

const limits = { statementsPerKey: 32, instancesAtWork: 16, openInstances: 32 };

/** Begins on one instance after another until it may not; how many it has then. */
function takeAll(running: RunningStatements, project: string): { count: number; leave: () => void } {
  const leave: (() => void)[] = [];
  for (;;) {
    const left = running.enterInstance(project, `${project} ${leave.length}`);
    if (!left) return { count: leave.length, leave: () => leave.forEach((each) => each()) };
    leave.push(left);
  }
}

it("leaves as many places as a project has, however many projects there are", () => {
  const running = new RunningStatements(limits);
  const counts = ["a", "b", "c", "d"].map((project) => takeAll(running, project).count);
  expect(counts).toEqual([16, 8, 4, 2]);
  // Two are left for who has none.
  expect(takeAll(running, "e").count).toBe(1);
  expect(takeAll(running, "f").count).toBe(1);
});

it("has who came first go back to what those leave who came later", () => {
  const running = new RunningStatements(limits);
  const first = Array.from({ length: 16 }, (_, index) => running.enterInstance("a", String(index)));
  expect(running.enterInstance("a", "0")).toBeDefined();
  expect(running.enterInstance("b", "0")).toBeDefined();
  // On an instance at work too, since statements that follow one another would keep it for ever.
  expect(running.enterInstance("a", "1")).toBeUndefined();
  first[1]?.();
  expect(running.enterInstance("a", "1")).toBeUndefined();
  expect(running.enterInstance("a", "2")).toBeDefined();
});

it("refuses nobody its only place, and gives back what was left", () => {
  const running = new RunningStatements({ ...limits, openInstances: 1 });
  const leave = running.enterInstance("a", "1");
  expect(running.enterInstance("a", "1")).toBeDefined();
  expect(running.enterInstance("a", "2")).toBeUndefined();
  expect(running.enterInstance("b", "1")).toBeDefined();
  leave?.();
  const alone = new RunningStatements(limits);
  for (let round = 0; round < 3; round++) {
    const { count, leave: leaveAll } = takeAll(alone, "a");
    expect(count).toBe(16);
    leaveAll();
  }
});
