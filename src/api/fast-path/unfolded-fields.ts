import { type DocumentNode, Kind, type SelectionSetNode } from "graphql";

/**
 * How many fields an operation of a valid document has once its fragments stand wherever they are spread. It grows with
 * the power of the document's length; counting it does not. 0 where there is no such operation.
 */
export function countUnfolded(document: DocumentNode, operationName: string | undefined): number {
  const fragments = new Map<string, SelectionSetNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition.selectionSet);
  const counted = new Map<string, number>();

  function ofFragment(name: string): number {
    const known = counted.get(name);
    if (known !== undefined) return known;
    const selections = fragments.get(name);
    const count = selections ? ofSelections(selections) : 0;
    counted.set(name, count);
    return count;
  }
  function ofSelections({ selections }: SelectionSetNode): number {
    let count = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) count += ofFragment(selection.name.value);
      else {
        if (selection.kind === Kind.FIELD) count++;
        if (selection.selectionSet) count += ofSelections(selection.selectionSet);
      }
    }
    return count;
  }

  const operation = document.definitions.find(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      (operationName === undefined || definition.name?.value === operationName),
  );
  return operation?.kind === Kind.OPERATION_DEFINITION ? ofSelections(operation.selectionSet) : 0;
}
