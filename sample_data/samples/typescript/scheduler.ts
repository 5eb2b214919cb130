interface Job {
  name: string;
  everyMs: number;
  run: () => Promise<void> | void;
}

export class Scheduler {
  private timers = new Map<string, ReturnType<typeof setTimeout>>();
  private running = new Set<string>();

  constructor(private readonly onError: (name: string, error: unknown) => void) {}

  start(job: Job): void {
    if (this.timers.has(job.name)) throw new Error(`job ${job.name} is already scheduled`);
    this.plan(job, job.everyMs);
  }

  stop(name: string): boolean {
    const timer = this.timers.get(name);
    if (timer === undefined) return false;
    clearTimeout(timer);
    return this.timers.delete(name);
  }

  isRunning(name: string): boolean {
    return this.running.has(name);
  }

  private plan(job: Job, delay: number): void {
    this.timers.set(
      job.name,
      setTimeout(() => void this.execute(job), delay),
    );
  }

  private async execute(job: Job): Promise<void> {
    const started = Date.now();
    this.running.add(job.name);
    try {
      await job.run();
    } catch (error) {
      this.onError(job.name, error);
    } finally {
      this.running.delete(job.name);
      if (this.timers.has(job.name)) {
        this.plan(job, Math.max(0, job.everyMs - (Date.now() - started)));
      }
    }
  }
}
