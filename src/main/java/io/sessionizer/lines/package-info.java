/** Lines of files, compressed or not: without Beam, for programs of every kind. */
package io.sessionizer.lines;
