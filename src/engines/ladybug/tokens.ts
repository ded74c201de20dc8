import { EngineError } from "../engine.js";

/** A word is in capitals; quoted text (strings, `names`) is one token that nothing matches. */
export type Token = string;

const quoted = "''";
/** What Ladybug takes for a space; JavaScript's \s knows one more and one less. */
const spaces =
  "\t\n\v\f\r\u001c\u001d\u001e\u001f \u00a0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";
const space = new RegExp(`[${spaces}]+`, "y");
const lineComment = /\/\/[^\n\r]*(?:\r?\n|$)/y;
const blockComment = /\/\*[^]*?\*\//y;
const text = /'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"|(?:`[^`]*`)+/y;
const number = /(?:\d+(?:\.\d+)?|\.\d+)[eE]-?\d+|\d*\.\d+|\d+/y;
const word = /[\p{ID_Start}\p{Pc}][\p{ID_Continue}\p{Sc}]*/uy;
const symbol = /[!-/:-@[-`{-~]/y;

/** Words, signs, spaces and comments of one statement. Nobody else is served while they are cut; what is quoted is one, however long. */
const mostPieces = 200_000;

const unreadable = (message: string): EngineError => new EngineError("SYNTAX", message);

/**
 * Cuts a statement exactly as Ladybug does, or refuses it: wherever the two could differ, text that is
 * harmless here might be a clause there. Throws EngineError (SYNTAX).
 */
export function tokensOf(statement: string): Token[] {
  const tokens: Token[] = [];
  // Ladybug skips a byte order mark at the very beginning.
  let at = statement.startsWith("\ufeff") ? 1 : 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(statement)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  for (let pieces = 0; at < statement.length; pieces++) {
    if (pieces === mostPieces)
      throw unreadable("The statement has too many words and signs; send its values as parameters.");
    if (take(space) ?? take(lineComment)) continue;
    const comment = take(blockComment);
    if (comment !== undefined) {
      // Ladybug's longest match reads over `**/`, to a later `*/`.
      if (comment.slice(2).endsWith("**/"))
        throw unreadable("A comment must not end in **/; write a space before */.");
      continue;
    }
    if (statement.startsWith("/*", at)) throw unreadable("A comment has no end.");
    if (take(text) !== undefined) {
      tokens.push(quoted);
      continue;
    }
    const digits = take(number);
    if (digits !== undefined) {
      if (take(word) !== undefined) throw unreadable("A number and a word need a space between them.");
      tokens.push(digits);
      continue;
    }
    const found = take(word) ?? take(symbol);
    if (found === undefined || /^['"`]$/.test(found)) {
      const what = JSON.stringify(
        String.fromCodePoint(statement.codePointAt(at - (found?.length ?? 0)) ?? 0),
      );
      throw unreadable(`Unexpected ${what}${found ? ": it has no end" : ""}.`);
    }
    tokens.push(found.toUpperCase());
  }
  return tokens;
}
