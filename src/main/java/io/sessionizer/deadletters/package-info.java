/** What could not be used as a visit, where it was, and why. */
package io.sessionizer.deadletters;
