// Loaded before the service by `node --require`: turns its `synchronous = FULL` into NORMAL, to see what FULL costs. The
// product has no such setting, for NORMAL may lose acknowledged receipts at power loss.
const Database = require('better-sqlite3');

const original = Object.getOwnPropertyDescriptor(Database.prototype, 'pragma').value;

Database.prototype.pragma = function pragma(text, options) {
  return original.call(this, text === 'synchronous = FULL' ? 'synchronous = NORMAL' : text, options);
};
