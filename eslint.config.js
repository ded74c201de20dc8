import js from "@eslint/js";
import graphql from "@graphql-eslint/eslint-plugin";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "dist/",
      "node_modules/",
      "migrations/",
      "src/client/generated/",
      "coverage/",
      ".daguerre*/",
      "bench/gateway/contestants/",
    ],
  },
  {
    files: ["**/*.ts", "**/*.tsx", "**/*.js", "**/*.mjs", "**/*.cjs"],
    extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["*.js", "*.cjs", "scripts/*.mjs"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      // A generator is async for its contract (AsyncIterable), whether or not it awaits.
      "@typescript-eslint/require-await": "off",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: "Only src/config/env.ts reads process.env; pass the validated value down instead.",
        },
      ],
    },
  },
  {
    files: ["src/config/env.ts", "test/**", "bench/**", "docs/**", "scripts/**", "*.config.*"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["**/*.js", "**/*.cjs", "**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: { console: "readonly", process: "readonly", URL: "readonly", module: "writable" },
    },
  },
  {
    files: ["schema/**/*.graphql", "src/console/page/examples/*.graphql"],
    plugins: { "@graphql-eslint": graphql },
    languageOptions: {
      parser: graphql.parser,
      parserOptions: {
        // Two sets of documents, whose names need not differ.
        graphQLConfig: {
          projects: {
            client: { schema: "schema/schema.graphql", documents: "schema/operations/*.graphql" },
            console: { schema: "schema/schema.graphql", documents: "src/console/page/examples/*.graphql" },
          },
        },
      },
    },
  },
  {
    files: ["schema/schema.graphql"],
    rules: {
      ...graphql.configs["flat/schema-recommended"].rules,
      ...graphql.configs["flat/schema-relay"].rules,
      "@graphql-eslint/require-description": [
        "error",
        {
          types: true,
          rootField: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          EnumValueDefinition: true,
        },
      ],
      "@graphql-eslint/require-deprecation-reason": "error",
      // Errors, reasons and `nodes` beside `edges` are lists without cursors, on purpose.
      "@graphql-eslint/relay-edge-types": ["error", { listTypeCanWrapOnlyEdgeType: false }],
      // Only nodes have ids; payloads, errors and values have none.
      "@graphql-eslint/strict-id-in-types": "off",
    },
  },
  {
    files: ["schema/operations/*.graphql", "src/console/page/examples/*.graphql"],
    rules: { ...graphql.configs["flat/operations-recommended"].rules },
  },
);
