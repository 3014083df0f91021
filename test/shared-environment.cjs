// One set of globals for all test files of a worker, as shared-runtime.cjs loads packages and sources once for all of them:
// a second set would bring a second Error and a second Date, which the first set's `instanceof` does not know.
const { TestEnvironment } = require('jest-environment-node');

/** This worker's. */
let shared;

class SharedEnvironment extends TestEnvironment {
  #own;
  #variables;

  constructor(config, context) {
    // Jest makes an environment per test file, and gets the same one each time.
    if (shared !== undefined) return shared;
    super(config, context);
    this.#own = new Map(Reflect.ownKeys(this.global).map((key) => [key, this.global[key]]));
    this.#variables = { ...this.global.process.env };
    shared = this;
  }

  /** Runs what loads packages: what they keep in the globals is theirs for good. */
  keepingGlobals(load) {
    const known = new Set(Reflect.ownKeys(this.global));
    try {
      return load();
    } finally {
      for (const key of Reflect.ownKeys(this.global)) {
        if (!known.has(key)) this.#own.set(key, this.global[key]);
      }
    }
  }

  /** Leaves the globals and the environment as they were before the test file: its hooks and matchers are among them. */
  async teardown() {
    this.fakeTimersModern.dispose();
    this.fakeTimers.dispose();
    for (const key of Reflect.ownKeys(this.global)) {
      if (!this.#own.has(key)) delete this.global[key];
    }
    for (const [key, value] of this.#own) {
      if (!Object.is(this.global[key], value)) this.global[key] = value;
    }
    const { env } = this.global.process;
    for (const name of Object.keys(env)) if (!(name in this.#variables)) delete env[name];
    Object.assign(env, this.#variables);
    // What Jest's proxy has seen go: it would keep every test file's values until the worker ends.
    // oxlint-disable-next-line no-underscore-dangle -- Jest's own name
    this._globalProxy.leftovers = [];
  }
}

module.exports = SharedEnvironment;
