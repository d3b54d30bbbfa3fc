/** Visits from files, and results into files. */
package io.sessionizer.files;
