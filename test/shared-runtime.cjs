// Packages and the sources of src are loaded once per worker, and not again for each of more than 200 test files. It is safe
// as src keeps nothing at module level that changes. A test file that replaces a module (jest.mock) loads its own sources.
const asyncHooks = require('node:async_hooks');
const { isBuiltin } = require('node:module');
const path = require('node:path');
const { default: Runtime } = require('jest-runtime');

const packages = `${path.sep}node_modules${path.sep}`;

/** The runtime that loads what is shared: it never ends, as packages load parts of themselves when they are first used. */
let shared;

class SharedRuntime extends Runtime {
  #environment;
  #sources;
  #hasMocks = false;
  #storages = [];

  constructor(config, environment, ...options) {
    super(config, environment, ...options);
    shared ??= new Runtime(config, environment, ...options);
    this.#environment = environment;
    this.#sources = path.join(config.rootDir, 'src') + path.sep;
  }

  requireModule(from, moduleName, options, isRequireActual) {
    if (options?.isInternalModule === true && moduleName === 'node:async_hooks') return this.#noteStorages();
    if (options?.isInternalModule === true || moduleName === undefined || isBuiltin(moduleName)) {
      return super.requireModule(from, moduleName, options, isRequireActual);
    }
    // oxlint-disable-next-line no-underscore-dangle -- Jest's own name: there is no other way to its resolver
    const file = this._resolution.resolveCjs(from, moduleName);
    const isShared = file.includes(packages) || (file.startsWith(this.#sources) && !this.#hasMocks);
    if (isShared) return this.#environment.keepingGlobals(() => shared.requireModule(from, moduleName));
    return super.requireModule(from, moduleName, options, isRequireActual);
  }

  setMock(...options) {
    this.#hasMocks = true;
    super.setMock(...options);
  }

  teardown() {
    super.teardown();
    for (const storage of this.#storages) storage.disable();
  }

  /**
   * Jest keeps in an AsyncLocalStorage which test an error belongs to: one per test file, which it leaves as it is. Node 20
   * has every promise keep a value of each of them, so that by the hundredth file promises took a quarter of all time.
   */
  #noteStorages() {
    const storages = this.#storages;
    class NotedStorage extends asyncHooks.AsyncLocalStorage {
      constructor() {
        super();
        storages.push(this);
      }
    }
    return { ...asyncHooks, AsyncLocalStorage: NotedStorage };
  }

  /** Lines of an error in the sources are those of the TypeScript too. */
  getSourceMaps() {
    const own = super.getSourceMaps();
    const common = shared.getSourceMaps();
    return {
      get: (source) => own.get(source) ?? common.get(source),
      [Symbol.iterator]: () => [...common, ...own].values(),
    };
  }
}

module.exports = SharedRuntime;
