/** Compiles expressions to bytecode over the Vector API. */
@NullMarked
package nn.cpu.codegen;

import org.jspecify.annotations.NullMarked;
