import { GraphiQL } from "graphiql";
import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import { StrictMode, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import { examples } from "./examples.js";
import { fetchWithKey } from "./fetch-with-key.js";
import { KeyBar } from "./key-bar.js";
import "./page.css";

/** Ends with the browser's tab, and no other site can read it. */
const storedKey = "daguerre.key";

function Page() {
  const [apiKey, setApiKey] = useState(() => sessionStorage.getItem(storedKey) ?? undefined);
  const fetcher = useMemo(() => fetchWithKey(apiKey), [apiKey]);
  const keep = (next: string | undefined) => {
    if (next) sessionStorage.setItem(storedKey, next);
    else sessionStorage.removeItem(storedKey);
    setApiKey(next);
  };
  return (
    <>
      <KeyBar apiKey={apiKey} onChange={keep} />
      <GraphiQL
        // Another key reads the schema anew, and what the former one was told is gone. Tabs are kept by the browser.
        key={apiKey}
        fetcher={fetcher}
        defaultTabs={examples}
        defaultEditorToolsVisibility="variables"
        shouldPersistHeaders={false}
        showPersistHeadersSettings={false}
      >
        <GraphiQL.Logo>Daguerre</GraphiQL.Logo>
      </GraphiQL>
    </>
  );
}

createRoot(document.querySelector("#root") as HTMLElement).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
