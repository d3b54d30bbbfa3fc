/** Pictures of what is on the topics: a live page, and a report in one file. */
package io.sessionizer.watch;
