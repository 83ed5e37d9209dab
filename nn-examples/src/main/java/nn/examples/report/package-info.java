/** What an experiment leaves behind: tables, pictures, numbers, and a page that shows them all. */
@NullMarked
package nn.examples.report;

import org.jspecify.annotations.NullMarked;
