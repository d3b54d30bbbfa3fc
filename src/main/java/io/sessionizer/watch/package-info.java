/** A live page about the topics of a job, and a report in one file. */
package io.sessionizer.watch;
