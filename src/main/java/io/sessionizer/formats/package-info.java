/** How records are read as visits: the shape of the input, as users describe it. */
package io.sessionizer.formats;
