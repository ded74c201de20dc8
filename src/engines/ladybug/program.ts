/**
 * Whether the engine's program runs here, as far as its processes have shown, whoever they serve. So nothing need be asked of it
 * for that where it is at work: who has it busy shows that it runs. What an instance's own data does to its process says nothing of others.
 */
export class Program {
  private answers = 0;
  /** One has answered, and none has failed since without any other's answer meanwhile. */
  runs = false;

  answered(): void {
    this.answers++;
    this.runs = true;
  }

  /** To be called as a process begins; what is returned, with the first that is heard of it. */
  begin(): (said: string) => void {
    const before = this.answers;
    return (said) => {
      if (this.answers === before && !isOfItsData(said)) this.runs = false;
    };
  }
}

/** It runs well enough to say so, or a signal has ended it. */
const isOfItsData = (said: string) => /^(ready|failed|it ended with SIG)/.test(said);
