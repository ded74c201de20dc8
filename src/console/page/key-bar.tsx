import { type SubmitEvent, useEffect, useState } from "react";
import { askViewer, type Recognition } from "./ask-viewer.js";

interface KeyBarProps {
  readonly apiKey: string | undefined;
  readonly onChange: (apiKey: string | undefined) => void;
}

/** Takes the key that all tabs send, and says whom it stands for. */
export function KeyBar({ apiKey, onChange }: KeyBarProps) {
  const [recognition, setRecognition] = useState<Recognition>();

  useEffect(() => {
    setRecognition(undefined);
    if (!apiKey) return;
    const gone = new AbortController();
    askViewer(apiKey, gone.signal).then(setRecognition, (error: unknown) => {
      if (!gone.signal.aborted) setRecognition({ refusal: `No answer: ${(error as Error).message}` });
    });
    return () => gone.abort();
  }, [apiKey]);

  const take = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get("key");
    onChange((typeof typed === "string" && typed.trim()) || undefined);
  };

  return (
    <form className="key-bar" onSubmit={take}>
      <label htmlFor="key">API key</label>
      <input
        id="key"
        name="key"
        type="password"
        autoComplete="off"
        spellCheck={false}
        placeholder="dag_…"
        defaultValue={apiKey}
      />
      <button type="submit">Use key</button>
      <Word apiKey={apiKey} recognition={recognition} />
    </form>
  );
}

function Word({ apiKey, recognition }: { apiKey: string | undefined; recognition: Recognition | undefined }) {
  if (!apiKey)
    return (
      <p role="status" className="wanting">
        A key is needed: the schema and every field are for keys alone. The first start printed one;{" "}
        <code>daguerre keys create</code> makes more.
      </p>
    );
  if (!recognition) return <p role="status">Asking …</p>;
  if ("refusal" in recognition)
    return (
      <p role="status" className="wanting">
        {recognition.refusal}
      </p>
    );
  const { project, role, keyName } = recognition;
  return (
    <p role="status">
      Project <strong>{project}</strong> as <strong>{role}</strong>, by the key “{keyName}”
    </p>
  );
}
