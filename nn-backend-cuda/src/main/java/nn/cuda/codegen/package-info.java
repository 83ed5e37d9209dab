/** CUDA C from expressions: what a kernel does is fixed in its text, the sizes are arguments. */
@NullMarked
package nn.cuda.codegen;

import org.jspecify.annotations.NullMarked;
