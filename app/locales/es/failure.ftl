# Pages for what cannot be shown.

failure-allocate = Repartir sus impuestos
not-found = No hay ninguna página en esta dirección
not-found-about = Si ha escrito la dirección, revísela. Si ha seguido un enlace, puede que ya no sea válido.
unreadable = No se puede leer esta solicitud
unreadable-about = La dirección o el formulario no son como los que hace este sitio. Vuelva atrás, recargue la página e inténtelo de nuevo.
no-such-submission = No hay ningún envío en esta dirección
no-such-submission-about = Compruebe que ha copiado el enlace completo: su última parte tiene 36 caracteres.
gone = Este envío se ha eliminado
gone-about = La persona que lo hizo lo retiró. Ya no cuenta en lo que dijo la gente.
busy = Hay demasiada actividad en este momento
busy-about = No se ha perdido nada. Vuelva a intentarlo dentro de un momento.
broken = Se ha producido un error por nuestra parte
broken-about = Ha quedado registrado y lo revisaremos. Vuelva a intentarlo dentro de un momento.

# Pages for what goes wrong before any page is made.
error-back = Volver al inicio
error-cross-origin = La solicitud procede de otro sitio
error-cross-origin-about = El formulario se envió desde otro sitio. Abra este sitio y envíelo desde aquí.
error-too-large = La solicitud es demasiado grande
error-too-large-about = Lo que se ha enviado es más grande que cualquier cosa que pida este sitio.
error-misdirected = Servidor desconocido
error-misdirected-about = Este servidor atiende solo a su propia máquina. Quien lo administra puede configurar ALLOT_PUBLIC_URL.
error-unavailable = No disponible en este momento
error-unavailable-about = El servidor está ocupado. Vuelva a intentarlo dentro de un momento: nada cuenta dos veces.
error-internal = Se ha producido un error
error-internal-about = Ha sido un fallo nuestro y ha quedado registrado. Vuelva a intentarlo.
