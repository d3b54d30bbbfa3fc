/** What is asked of Dataflow before a job is handed to it. */
package io.sessionizer.dataflow;
