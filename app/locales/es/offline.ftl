# Lo que guarda el propio dispositivo, la línea sobre ello en cada página y una versión nueva.

outbox-waiting = { $number } sin enviar
outbox-refused = { $number } sin aceptar
outbox-sent = Enviado y contado

update-label = Versión nueva
update-about = Hay una versión nueva de este sitio. Sus números se conservan.
update-switch = Cambiar a ella

say-kept = Guardado en este dispositivo, aún sin enviar. Se envía solo en cuanto haya conexión.
say-kept-until = Guardado en este dispositivo, aún sin enviar. Se envía solo en unos { $minutes } min.
say-unsaved = No hay conexión, y su navegador ahora no guarda nada para este sitio. Deje abierta esta página y vuelva a enviar cuando la haya.
say-changed = Las áreas de este presupuesto han cambiado. Vuelva a cargar esta página; su reparto se conserva.

offline-title = En este dispositivo
offline-description = Lo que este dispositivo guarda sin conexión: repartos que esperan su envío y los que ya envió.
offline-lede = Los repartos que envía se guardan aquí antes de enviarse, para que ninguno se pierda por el camino.
offline-result = Su reparto
offline-result-lede = No hay conexión. Esto es lo que su dispositivo sabe de él.
offline-history-lede = No hay conexión. Estos son los repartos que su dispositivo conoce.
offline-away = Sin conexión
offline-away-lede = Ahora no se puede llegar a esta página. Lo que ha empezado se conserva, y puede seguir sin conexión.
offline-again = Reintentar
offline-split = Reparta sus impuestos
offline-unscripted = Sin JavaScript no se guarda nada en el dispositivo. Todo lo demás funciona como siempre.
offline-blocked = Su navegador no guarda nada para este sitio
offline-blocked-about = Quizá sea una ventana privada, o el almacenamiento esté bloqueado o lleno. Con conexión todo funciona; sin ella no se puede guardar nada.
offline-unsaved = El último reparto no se pudo guardar aquí
offline-splits = Repartos
offline-empty = Aquí no espera nada, y últimamente no se envió nada desde aquí.
offline-long = Qué se guarda y cuánto tiempo
offline-long-about = Un reparto espera aquí hasta que se envía. Después se queda, con el código que lo elimina, un día; 30 días si tuvo que esperar; 400 días si este dispositivo se recuerda. También se guardan los borradores. Todo ello permanece en este dispositivo.
offline-pages-kept = También se guardan estas páginas y lo que dijo la gente, para cuando no haya conexión.
offline-pages-lost = Ahora su navegador no guarda páginas de este sitio: sin conexión no se pueden abrir. Lo que espera aquí se envía cuando vuelva con conexión.
offline-remove-all = Eliminarlo todo de este dispositivo

kept-sending = Enviando
kept-waiting = Sin enviar
kept-counted = Contado
kept-replaced = Sustituido
kept-deleted = Eliminado
kept-refused = No aceptado
kept-sending-why = Guardado en este dispositivo. Se está enviando.
kept-offline-why = Guardado en este dispositivo, aún sin enviar. Se envía solo en cuanto haya conexión.
kept-busy-why = Guardado en este dispositivo, aún sin enviar: el sitio está muy ocupado. Se reintenta solo.
kept-limited-why = Guardado en este dispositivo, aún sin enviar: llegaron demasiados desde aquí en una hora. Se envía solo más tarde.
kept-counted-why = Enviado y contado.
kept-replaced-why = Enviado. En su lugar cuenta un reparto suyo más reciente.
kept-closed-why = Este presupuesto se cerró antes de que llegara el reparto. No cuenta. Puede eliminarlo aquí y repartir otro presupuesto.
kept-gone-why = Este presupuesto ya no está. El reparto no cuenta. Puede eliminarlo aquí y repartir otro presupuesto.
kept-changed-why = Las áreas de este presupuesto han cambiado. Devuelva el reparto al formulario y envíelo de nuevo.
kept-deleted-why = Este reparto llegó y después se eliminó. No cuenta. Si debe contar, haga uno nuevo.
kept-unsure-why = Este reparto se envió hace mucho y ya nadie puede saber si llegó. Si debe contar, haga uno nuevo.
kept-failed-why = El sitio rechazó este reparto. Devuélvalo al formulario y envíelo de nuevo.
kept-shares = Sus porcentajes
kept-area = Área
kept-you = Usted
kept-mean = Toda la gente, media
kept-everyone = Media de toda la gente (envíos: { $people }), a fecha de { $moment }.
kept-nobody = Lo que dijo la gente no está en este dispositivo.
kept-results = Verlo junto al de la gente
kept-manage = Exportarlo o eliminarlo
kept-edit = Devolverlo al formulario
kept-forget = Eliminar de este dispositivo
