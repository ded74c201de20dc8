import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  getNullableType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  isCompositeType,
  isListType,
  isObjectType,
  isInterfaceType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from "graphql";
import { IntrospectionSize } from "./introspection-size.js";
import type { ListSizes } from "./list-sizes.js";
import { isIncluded, readPageSize, type VariableReader } from "./read-arguments.js";

/** What is known of an operation before it runs. */
export interface OperationPlan {
  readonly operation: OperationDefinitionNode;
  /** How deeply its selections are nested; introspection not counted. */
  readonly depth: number;
  /** Of the whole document. */
  readonly aliases: number;
  readonly directives: number;
  /** The response names under which it reads the schema. */
  readonly introspected: ReadonlySet<string>;
  readonly root: Group;
}

/** Selections on one type; a fragment is one group however often it is spread. */
export interface Group {
  readonly depth: number;
  readonly introspected: ReadonlySet<string>;
  readonly fields: readonly PlannedField[];
  readonly spread: readonly Group[];
}

export interface PlannedField {
  /** Points for what no answer shows: done once, however many objects the field is on, and never given back. */
  readonly work: (variables: VariableReader) => number;
  /** How many of `below` there are; a page's own items are counted by the page. */
  readonly count: ((variables: VariableReader) => number) | "PER_ITEM_OF_THE_PAGE";
  /** Of a connection: how many items it holds. */
  readonly pageSize?: (variables: VariableReader) => number;
  readonly below: Group;
}

/** What is charged for a mutation beside its answer: a transaction, and perhaps a job; where it is refused, its record. */
export const mutationCost = 10;
/** The least that reading the schema costs. It is in memory already, so that two of its objects are a point. */
const introspectionCost = 100;
const introspectedPerPoint = 2;
/** A statement that looks at every row of a list, or of each list of a page. */
const totalCountCost = 50;
/** Imagined snapshots are reckoned and thrown away. */
const imaginedPerPoint = 10;
/** Ids that nothing is found for are looked for all the same. */
const lookedUpPerPoint = 50;
/** Where neither arguments nor sizes tell how long a list is. */
const assumedLength = 10;

const one = () => 1;
const none = () => 0;
const noNames: ReadonlySet<string> = new Set();
const leaf: Group = { depth: 0, introspected: noNames, fields: [], spread: [] };

/** Plans each operation of a valid document, by name; the empty name is the anonymous one's. */
export function planDocument(
  schema: GraphQLSchema,
  document: DocumentNode,
  sizes: ListSizes,
): ReadonlyMap<string, OperationPlan> {
  let aliases = 0;
  let directives = 0;
  visit(document, {
    Field: (node) => void (aliases += node.alias ? 1 : 0),
    Directive: () => void directives++,
  });
  const planner = new Planner(schema, document, sizes);
  const plans = new Map<string, OperationPlan>();
  for (const operation of document.definitions) {
    if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
    const type = schema.getRootType(operation.operation);
    if (!type) continue;
    const root = planner.plan(operation.selectionSet, type);
    const { depth, introspected } = root;
    plans.set(operation.name?.value ?? "", { operation, depth, aliases, directives, introspected, root });
  }
  return plans;
}

class Planner {
  private readonly definitions = new Map<string, FragmentDefinitionNode>();
  private readonly fragments = new Map<string, Group>();
  private readonly introspection: IntrospectionSize;

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly sizes: ListSizes,
  ) {
    for (const definition of document.definitions)
      if (definition.kind === Kind.FRAGMENT_DEFINITION)
        this.definitions.set(definition.name.value, definition);
    this.introspection = new IntrospectionSize(schema, this.definitions);
  }

  plan(selections: SelectionSetNode, type: GraphQLCompositeType): Group {
    const fields: PlannedField[] = [];
    const spread: Group[] = [];
    let depth = 0;
    const introspected = new Set<string>();
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) {
        const introspection = this.introspect(selection);
        if (introspection) introspected.add((selection.alias ?? selection.name).value);
        const field = introspection ?? this.field(selection, type);
        if (field) fields.push(field);
        depth = Math.max(depth, 1 + (field?.below.depth ?? 0));
        continue;
      }
      const below =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? this.fragment(selection.name.value)
          : this.plan(selection.selectionSet, this.typeOf(selection.typeCondition?.name.value) ?? type);
      spread.push(below);
      depth = Math.max(depth, below.depth);
      for (const name of below.introspected) introspected.add(name);
    }
    return { depth, introspected, fields, spread };
  }

  private typeOf(name: string | undefined): GraphQLCompositeType | undefined {
    const type = name === undefined ? undefined : this.schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }

  private fragment(name: string): Group {
    const known = this.fragments.get(name);
    if (known) return known;
    const definition = this.definitions.get(name);
    const type = this.typeOf(definition?.typeCondition.name.value);
    const group = definition && type ? this.plan(definition.selectionSet, type) : leaf;
    this.fragments.set(name, group);
    return group;
  }

  /** Undefined where the field does not read the schema. Such fields stand on the root alone. */
  private introspect(node: FieldNode): PlannedField | undefined {
    const name = node.name.value;
    if (name !== "__schema" && name !== "__type") return undefined;
    const { introspection } = this;
    const size = name === "__schema" ? introspection.ofSchema(node) : introspection.ofLargestType(node);
    const points = Math.max(introspectionCost, Math.ceil(size / introspectedPerPoint));
    return { work: () => points, count: none, below: leaf };
  }

  /** Undefined for what holds no objects and makes no work. */
  private field(node: FieldNode, type: GraphQLCompositeType): PlannedField | undefined {
    const definition =
      isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    const named = definition && getNamedType(definition.type);
    const work = this.workOf(node, type);
    if (!definition || !isCompositeType(named) || !node.selectionSet)
      return work && { work, count: none, below: leaf };
    const below = this.plan(node.selectionSet, named);
    const pageSize = this.pageSizeOf(node, definition, named);
    const count = pageSize ? one : this.countOf(node, definition, type);
    return { work: work ?? none, count, ...(pageSize && { pageSize }), below };
  }

  /** Wherever in the document it stands: in a fragment a mutation is a mutation too. */
  private workOf(node: FieldNode, parent: GraphQLCompositeType): PlannedField["work"] | undefined {
    if (parent === this.schema.getMutationType()) return () => mutationCost;
    const name = node.name.value;
    if (isConnection(parent.name) && name === "totalCount")
      return (variables) => (isIncluded(node, variables) ? totalCountCost : 0);
    if (parent === this.schema.getQueryType()) {
      if (name === previewField)
        return (variables) => Math.ceil(this.sizes.previews(node, variables).imagined / imaginedPerPoint);
      const ids = name === "nodes" ? this.sizes.lists["Query.nodes"] : undefined;
      if (ids) return (variables) => Math.floor(ids(node, variables) / lookedUpPerPoint);
    }
    return undefined;
  }

  private pageSizeOf(
    node: FieldNode,
    definition: GraphQLField<unknown, unknown>,
    type: GraphQLCompositeType,
  ): PlannedField["pageSize"] {
    if (type.name === previewType) return (variables) => this.sizes.previews(node, variables).listed;
    const paged = isConnection(type.name) && definition.args.some((argument) => argument.name === "first");
    return paged ? readPageSize(node) : undefined;
  }

  private countOf(
    node: FieldNode,
    definition: GraphQLField<unknown, unknown>,
    parent: GraphQLCompositeType,
  ): PlannedField["count"] {
    if (!isListType(getNullableType(definition.type))) return one;
    if (isConnection(parent.name) || parent.name === previewType) return "PER_ITEM_OF_THE_PAGE";
    const sizeOf = this.sizes.lists[`${parent.name}.${definition.name}`];
    return sizeOf ? (variables) => sizeOf(node, variables) : () => assumedLength;
  }
}

const isConnection = (typeName: string) => typeName.endsWith("Connection");
/** A page too, as long as its input makes it. */
const [previewField, previewType] = ["retentionPreview", "RetentionPreview"];
