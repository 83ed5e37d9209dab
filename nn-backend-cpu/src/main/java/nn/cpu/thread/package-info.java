/** The thread team that shares out a verb's work. */
@NullMarked
package nn.cpu.thread;

import org.jspecify.annotations.NullMarked;
