update members_/*number*/ as members
set part = roots.root
from roots
where roots.node = members.node
