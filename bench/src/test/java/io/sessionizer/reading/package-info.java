/** The examples of docs/reading-sessions.md that need a library which the product lacks. */
package io.sessionizer.reading;
