import { EngineError } from "../engine.js";

const token =
  /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n\r]*|'(?:\\[\s\S]|[^'\\])*'?|"(?:\\[\s\S]|[^"\\])*"?|`(?:``|[^`])*`?|[\p{L}\p{N}_$]+|\S/gu;
const refusedAnywhereFirst = new Set(
  [
    "COPY",
    "LOAD",
    "ATTACH",
    "USE",
    "EXPORT",
    "IMPORT",
    "INSTALL",
    "UNINSTALL",
    "UPDATE",
    "CHECKPOINT",
  ].concat(["FORCE_CHECKPOINT", "FORCE", "BEGIN", "COMMIT", "ROLLBACK", "EXTENSION"]),
);
/** The catalogue functions that show nothing but the tenant's own graph. Everything else after CALL is refused. */
const allowedCalls = new Set(["SHOW_TABLES", "TABLE_INFO", "SHOW_CONNECTION", "DB_VERSION", "SHOW_INDEXES"]);

/**
 * Refuses what reaches files, extensions, other databases, transactions or settings, and more than one
 * statement in a text. A refused word counts only where a clause could begin: not as a property (`n.load`),
 * a label (`:Load`), a map key (`load:`), or a parameter. Throws EngineError (FORBIDDEN_STATEMENT).
 */
export function guardStatement(text: string): void {
  const tokens = (text.match(token) ?? []).filter((word) => !word.startsWith("/*") && !word.startsWith("//"));
  const refuse = (word: string): never => {
    throw new EngineError("FORBIDDEN_STATEMENT", `${word} is not allowed here.`);
  };
  const definesTable = tokens.some(
    (word, i) => word.toUpperCase() === "CREATE" && /^(node|rel)$/i.test(tokens[i + 1] ?? ""),
  );
  while (tokens.at(-1) === ";") tokens.pop();
  tokens.forEach((raw, index) => {
    const word = raw.toUpperCase();
    const before = tokens[index - 1] ?? "";
    const next = (tokens[index + 1] ?? "").toUpperCase();
    if (word === ";") refuse("More than one statement");
    if (["CREATE", "DROP"].includes(word) && ["GRAPH", "ANY"].includes(next)) refuse(`${word} GRAPH`);
    // A table's options name where it is stored: WITH (storage = '/any/path').
    if (definesTable && word === "WITH" && next === "(") refuse("WITH (…)");
    // Ahead of the exception below: in `WITH 1. LOAD FROM …` the dot belongs to a number.
    if (word === "LOAD" && ["FROM", "WITH", "EXTENSION", "("].includes(next)) refuse(word);
    if (word === "CALL" && tokens[index + 2] === "(" && !allowedCalls.has(next)) refuse(`CALL ${next}`);
    if ([".", ":", "|", "$"].includes(before)) return;
    if (word === "CALL" && next !== ":" && !allowedCalls.has(next)) refuse(`CALL ${next}`);
    if (word === "DETACH" && next !== "DELETE" && index === 0) refuse("DETACH");
    if (!refusedAnywhereFirst.has(word)) return;
    const starts = index === 0 || ["EXPLAIN", "PROFILE", "LOGICAL"].includes(before.toUpperCase());
    if (starts || (word === "COPY" && next !== ":")) refuse(word);
  });
}
