import { expect, it } from "vitest";
import { Program } from "../../src/engines/ladybug/program.js";

it("runs once one has answered, whatever an instance's data does to its own process", () => {
  const program = new Program();
  expect(program.runs).toBe(false);
  program.answered();
  for (const said of ["ready", "failed Error: the file is not sound", "it ended with SIGSEGV"]) {
    program.begin()(said);
    expect([said, program.runs]).toEqual([said, true]);
  }
});

it("is in doubt once a start has failed of itself, until one answers", () => {
  for (const said of ["it ended with 127", "it was too slow", "spawn /bin/sh EAGAIN"]) {
    const program = new Program();
    program.answered();
    program.begin()(said);
    expect([said, program.runs]).toEqual([said, false]);
    program.answered();
    expect([said, program.runs]).toEqual([said, true]);
  }
});

it("is not in doubt where another has answered while one was too slow", () => {
  const program = new Program();
  const heard = program.begin();
  program.answered();
  heard("it was too slow");
  expect(program.runs).toBe(true);
});
