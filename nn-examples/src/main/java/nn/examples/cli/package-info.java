/** The command line: commands, options, output. */
@NullMarked
package nn.examples.cli;

import org.jspecify.annotations.NullMarked;
