/** Counts of rejected records. */
package io.sessionizer.deadletters;
