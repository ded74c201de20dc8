import ts from "typescript";

/**
 * The titles of the tests and groups of tests that a file really runs, or runs on a condition (`skipIf`, `runIf`). What
 * `skip` or `todo` leaves out is not among them, with all that it contains. Of `each` whose title is "%s" the rows' first
 * texts are titles too, where the rows stand in the file.
 */
export function findTestTitles(source: string): Set<string> {
  const file = ts.createSourceFile("tests.ts", source, ts.ScriptTarget.Latest, true);
  const lists = new Map<string, ts.Expression>();
  const titles = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer)
      lists.set(node.name.text, node.initializer);
    const call = readCall(node);
    if (call && ["skip", "todo"].some((each) => call.modifiers.includes(each))) return;
    if (call) titles.add(call.title);
    if (call?.title === "%s") for (const title of firstTexts(call.rows, lists)) titles.add(title);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return titles;
}

interface TestCall {
  readonly title: string;
  readonly modifiers: readonly string[];
  /** What `each` was given. */
  readonly rows: ts.Expression | undefined;
}

/** `test("title", …)`, `it.each(rows)("title", …)`, `describe.skipIf(condition)("title", …)` and the like. */
function readCall(node: ts.Node): TestCall | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const [title] = node.arguments;
  if (!title || !ts.isStringLiteralLike(title)) return undefined;
  const modifiers: string[] = [];
  let rows: ts.Expression | undefined;
  let callee: ts.Expression = node.expression;
  for (;;) {
    if (ts.isCallExpression(callee)) {
      rows = callee.arguments[0];
      callee = callee.expression;
    } else if (ts.isPropertyAccessExpression(callee)) {
      modifiers.push(callee.name.text);
      callee = callee.expression;
    } else break;
  }
  const isTest = ts.isIdentifier(callee) && ["test", "it", "describe"].includes(callee.text);
  return isTest ? { title: title.text, modifiers, rows } : undefined;
}

function firstTexts(rows: ts.Expression | undefined, lists: ReadonlyMap<string, ts.Expression>): string[] {
  const list = rows && ts.isIdentifier(rows) ? lists.get(rows.text) : rows;
  if (!list || !ts.isArrayLiteralExpression(list)) return [];
  return list.elements.flatMap((row) => {
    const first = ts.isArrayLiteralExpression(row) ? row.elements[0] : row;
    return first && ts.isStringLiteralLike(first) ? [first.text] : [];
  });
}
