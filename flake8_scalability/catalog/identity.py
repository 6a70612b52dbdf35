"""What tells one machine or process from another, and the names that show what that is used for."""

from __future__ import annotations

#: Calls that give the name of the machine.
HOST = "socket.{gethostname,getfqdn,gethostbyname} platform.node"
#: Calls that give the number of the process, and of the network card.
PROCESS = "os.getpid"
CARD = "uuid.getnode"
#: Variables of the environment that hold the machine's name.
VARIABLES = frozenset({"HOSTNAME", "COMPUTERNAME", "HOST_NAME", "NODE_NAME", "POD_NAME"})

#: Calls that lock a file, and calls that ask whether the process of a number is there.
LOCKING = ("flock(", "lockf(", "msvcrt.locking(", "portalocker.lock(")
ASKING = ("os.kill(", "pid_exists(", "psutil.Process(", "/proc/{", "/proc/%")
#: What ends the process of a number: such a file is how a command of the program's own stops it on this machine.
ENDING = ("SIGTERM", "SIGKILL", "SIGINT", "SIGQUIT")
#: What asks whether a file of that name is there already.
PRESENT = frozenset({"exists", "isfile", "is_file"})
#: Functions that stir the identity into something random.
ENTROPY = r"random|nonce|seed|entropy"
#: Methods by which something is written to a file.
WRITES = frozenset({"write", "write_text", "write_bytes"})
#: Receivers and functions that only tell somebody.
TELLS = r"log(ger|ging)?|_?logger|stderr|stdout|console|print|span|tracer|metrics?|statsd|response|socket|sock"
#: Names of ids that a request, a row or an order carries; those of processes, which are to differ, are not meant.
IDS = r"(\w+_)?(id|ids|number|code|serial|uid|uuid|pk|primary_key|sequence|slug|reference)"
NO_IDS = (
    r"worker|instance|node|consumer|client|process|server|host|runner|agent|session|connection|group|request|trace|span|"
    r"correlation|log|run_|proc|pid|machine|member|replica|thread|container|pod|device|owner|peer|broker|actor|source|"
    r"service|invocation|executor|bot|daemon|lock|job|task|program|user|app|boot|status"
)
#: Names of what an instance is numbered as.
INSTANCES = r"worker|node|machine|instance|shard|cent(er|re)|server|replica|member|partition"
