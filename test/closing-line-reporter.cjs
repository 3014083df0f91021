// Prints `N passed, N failed, N skipped` as the very last line of a test run; a suite that could not
// start counts as a failure, so that a broken import is never read as green.
class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    process.on('exit', () => {
      process.stdout.write(`${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
    });
  }
}
module.exports = ClosingLineReporter;
