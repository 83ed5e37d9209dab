/** Initial values of parameters. */
@NullMarked
package nn.init;

import org.jspecify.annotations.NullMarked;
