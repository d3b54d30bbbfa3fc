/** The job: flags to settings to graph to exit code. */
package io.sessionizer;
