/** The process that the program runs in: its memory and its temporary folders. */
package io.sessionizer.process;
