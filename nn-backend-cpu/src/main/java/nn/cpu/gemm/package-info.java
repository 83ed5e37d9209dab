/** Matrix multiplication: packing, loops around a micro-kernel, epilogues. */
@NullMarked
package nn.cpu.gemm;

import org.jspecify.annotations.NullMarked;
